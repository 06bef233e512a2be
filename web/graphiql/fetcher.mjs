// Sends what GraphiQL runs: queries and mutations over HTTP, subscriptions over one WebSocket.
// Reads the document itself to know which, because the editor's own reading lags behind typing.
// A server that wants a token gets it with the request, never in the address.

import { getOperationAST, parse } from 'graphql';
import { createClient } from 'graphql-ws';

const FORBIDDEN = 4403;

/** What would run: the operation by its name, or the only one there is. Null if nobody can say. */
export function operationOf({ query, operationName }) {
  try {
    const document = parse(query);
    return getOperationAST(document, operationName) ?? getOperationAST(document) ?? null;
  } catch {
    return null;
  }
}

/** @param askForToken - a function that asks the person; null where there is no answer */
export function createFetcher({ url, askForToken }) {
  let token = null;
  const sockets = createClient({
    url: url.replace(/^http/, 'ws'),
    connectionParams: () => (token === null ? {} : { token }),
    // A refused token is not tried again; a lost connection is.
    shouldRetry: (fault) => fault?.code !== FORBIDDEN,
    retryAttempts: 10,
  });

  async function post(params) {
    const sent = token;
    const response = await send(params, sent);
    if (response.status !== 401) return response.json();
    // Several requests may be refused at once: one question is enough for all of them.
    if (token === sent) token = askForToken();
    return token === null ? response.json() : (await send(params, token)).json();
  }

  function send(params, presented) {
    return fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        ...(presented === null ? {} : { authorization: `Bearer ${presented}` }),
      },
      body: JSON.stringify(params),
    });
  }

  // As an observable: a generator could not be stopped while it waits for the next event.
  const subscribe = (params) => ({
    subscribe(observer) {
      const unsubscribe = sockets.subscribe(params, {
        next: (result) => observer.next(result),
        complete: () => observer.complete(),
        error: (fault) => {
          observer.next({ errors: [{ message: inWords(fault) }] });
          observer.complete();
        },
      });
      return { unsubscribe };
    },
  });

  return (asked) => {
    const operation = operationOf(asked);
    // The name lags behind typing too: what is in the editor counts.
    const operationName = operation === null ? asked.operationName : operation.name?.value;
    const params = { ...asked, operationName };
    return operation?.operation === 'subscription' ? subscribe(params) : post(params);
  };
}

function inWords(fault) {
  if (Array.isArray(fault)) return fault.map(({ message }) => message).join('\n');
  if (fault?.code === FORBIDDEN) return 'The server wants its token. Run any query first.';
  return fault?.reason || fault?.message || 'The connection is lost. Is the server running?';
}
