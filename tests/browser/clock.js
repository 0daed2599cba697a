// Time that stands until a test lets it pass: put into a page before its own scripts run.
() => {
  const START = 1.8e12;
  let now = 1000;
  let made = 0;
  const due = new Map();
  const plan = (then, wait, every, rest) => {
    due.set(++made, { at: now + Math.max(1, +wait || 0), every, then: () => then(...rest) });
    return made;
  };
  const forget = (id) => void due.delete(id);
  const next = () => [...due].sort(([a, one], [b, two]) => one.at - two.at || a - b)[0];
  const run = ([id, timer]) => {
    if (timer.every) timer.at = now + timer.every;
    else due.delete(id);
    timer.then();
  };
  const self = window;
  self.setTimeout = (then, wait, ...rest) => plan(then, wait, 0, rest);
  self.setInterval = (then, wait, ...rest) => plan(then, wait, Math.max(1, +wait || 0), rest);
  self.requestAnimationFrame = (then) => plan(() => then(now), 16, 0, []);
  self.clearTimeout = self.clearInterval = self.cancelAnimationFrame = forget;
  Performance.prototype.now = () => now;
  Date.now = () => START + now;
  self.clock = {
    /** `ms` pass, and every timer goes off at its own moment. */
    run_for(ms) {
      const end = now + ms;
      for (let first = next(); first && first[1].at <= end; first = next()) {
        now = Math.max(now, first[1].at);
        run(first);
      }
      now = end;
    },
    /** `ms` pass at once, as for a machine that slept: what was due goes off late, and once. */
    fast_forward(ms) {
      now += ms;
      for (const one of [...due]) if (one[1].at <= now) run(one);
    },
  };
}
