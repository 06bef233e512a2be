// For the tests of the whole server on the wall clock: under CI one that fails is tried once more,
// since a machine that stands still for seconds makes prices stale. The first failure is printed.

if (process.env['CI'] === 'true') jest.retryTimes(1, { logErrorsBeforeRetry: true });
