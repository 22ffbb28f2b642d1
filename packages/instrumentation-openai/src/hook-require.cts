// `node --require @streamgauge/instrumentation-openai/hook`. Node.js runs --require preloads in the loader thread of
// `module.register` too, where require() of an ES module fails before 22.22: so only the main thread goes on.
if (process.getBuiltinModule('node:worker_threads').isMainThread) require('./hook.js')
