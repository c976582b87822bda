// Preloaded into every process that the supervisor starts: should the supervisor be killed without a chance to
// stop its parts, they notice that their standard input has ended and end as on SIGTERM.
process.stdin.once('close', () => process.kill(process.pid, 'SIGTERM'));
process.stdin.resume();
process.stdin.unref();
