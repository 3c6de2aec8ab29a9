/// Placeholder until the first real file of Engine stands here.
