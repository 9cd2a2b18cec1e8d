// Stands in for vitest in the bundle of the fuzzers: what tests remove at their end is removed at the
// end of the process.

export const afterAll = (done: () => void): void => {
  process.on('exit', done);
};
export const onTestFinished = afterAll;
export const beforeEach = (): void => {};
export const TestRunner = { getCurrentTest: () => undefined };
