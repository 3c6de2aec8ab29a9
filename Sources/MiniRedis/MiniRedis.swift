/// Placeholder until the first real file of MiniRedis stands here.
