/// Placeholder until the first real file of Reactor stands here.
