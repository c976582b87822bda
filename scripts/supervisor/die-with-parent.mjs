// Preloaded into every process that the supervisor starts: should the supervisor be killed without a chance to
// stop its parts, they notice that the channel to it is gone and end as on SIGTERM.
if (process.channel !== undefined) {
  process.channel.unref();
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}
