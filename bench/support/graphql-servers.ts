// The servers that the GraphQL benches compare, each over a desk of its own.

import type { Server } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express from 'express';
import fastify from 'fastify';
import type { GraphQLSchema } from 'graphql';
import mercurius from 'mercurius';
import { startServer } from '../../src/server/server';
import { FillDesk } from './fill-desk';

export interface BenchServer {
  readonly desk: FillDesk;
  readonly port: number;
  close(): Promise<unknown>;
}

export async function ours(): Promise<BenchServer> {
  const desk = await FillDesk.open();
  const quiet = () => undefined;
  const server = await startServer({
    schema: desk.schema,
    context: () => desk.context,
    host: '127.0.0.1',
    port: 0,
    token: null,
    graphiqlFolder: null,
    log: { info: quiet, warn: quiet, error: quiet },
    readiness: () => ({ ready: true, reasons: [] }),
  });
  return { desk, port: server.port, close: () => server.close() };
}

export async function withMercurius(): Promise<BenchServer> {
  const desk = await FillDesk.open();
  const app = fastify();
  // Its cache of documents plays no part in a feed, and needs a loader that tests do not have.
  await app.register(mercurius, {
    schema: desk.schema,
    subscription: { context: () => desk.context },
    cache: false,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { desk, port: portOf(app.server), close: () => app.close() };
}

export interface Listening {
  readonly port: number;
}

/** Apollo Server as its manual sets it up. */
export async function apolloDefaults(
  schema: GraphQLSchema,
  context: () => Promise<object>,
): Promise<Listening & { close(): Promise<void> }> {
  const apollo = new ApolloServer({ schema, stopOnTerminationSignals: false });
  await apollo.start();
  const app = express();
  app.use('/graphql', express.json(), expressMiddleware(apollo, { context }));
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await apollo.stop();
  };
  return { port: portOf(server), close };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
