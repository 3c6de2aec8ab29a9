import MiniRedis

ServerProgram.main()
