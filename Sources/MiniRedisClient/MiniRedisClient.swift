/// Placeholder until the first real file of MiniRedisClient stands here.
