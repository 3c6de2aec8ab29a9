/// Placeholder until the first real file of RESP stands here.
