// The audits of GraphQL over HTTP, by the suite of the specification's reference implementation.

import { serverAudits } from 'graphql-http';
import { startTestServer } from '../support/graphql-server';

/** MUST audits count as errors, SHOULD as warnings, MAY as notices. */
const LEAST_OK = 58;

describe('the GraphQL over HTTP audits', () => {
  it(`pass in ${LEAST_OK} cases or more, and in every MUST`, async () => {
    const server = await startTestServer();
    const audits = serverAudits({ url: `${server.url}/graphql`, fetchFn: fetch });
    const results = await Promise.all(audits.map((audit) => audit.fn()));
    await server.close();
    const others = results.filter(({ status }) => status !== 'ok');
    for (const other of others) {
      const reason = 'reason' in other ? other.reason : '';
      process.stderr.write(`audit ${other.id} ${other.status}: ${other.name} (${reason})\n`);
    }
    expect(results.length).toBeGreaterThanOrEqual(61);
    expect(others.filter(({ status }) => status === 'error')).toEqual([]);
    expect(results.length - others.length).toBeGreaterThanOrEqual(LEAST_OK);
  });
});
