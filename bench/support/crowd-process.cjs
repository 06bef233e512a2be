// The clients of a bench, in a process of their own, so that the CPU time of the bench's process is
// the server's alone. Talks with its parent by messages: what to open or to ask, and when it is done.
'use strict';

const { Agent, request } = require('node:http');
const { WebSocket } = require('ws');

const now = () => performance.timeOrigin + performance.now();

const sockets = [];
let missing = 0;
let latencies = [];

/** Subscribes as often as said, each on a socket of its own. */
function subscribe({ port, query, count }) {
  for (let n = 0; n < count; n += 1) {
    const ws = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws', {
      perMessageDeflate: false,
    });
    sockets.push(ws);
    ws.on('open', () => ws.send('{"type":"connection_init"}'));
    ws.on('message', (data) => {
      const text = data.toString();
      if (text.includes('connection_ack')) {
        ws.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
        return;
      }
      const sent = /"at":"([\d.]+)"/.exec(text);
      if (sent === null) return;
      latencies.push(now() - Number(sent[1]));
      missing -= 1;
      if (missing > 0) return;
      process.send({ latencies });
      latencies = [];
    });
  }
}

/** Asks one query after the other. */
async function ask({ port, query, count }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const body = JSON.stringify({ query });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  let bytes = 0;
  for (let n = 0; n < count; n += 1) {
    bytes = await new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, path: '/graphql', method: 'POST', headers, agent };
      const sent = request(options, (response) => {
        let length = 0;
        response.on('data', (chunk) => (length += chunk.length));
        response.on('end', () =>
          response.statusCode === 200 ? resolve(length) : reject(new Error('refused')),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
  agent.destroy();
  process.send({ bytes });
}

process.on('message', (message) => {
  if (message.kind === 'subscribe') subscribe(message);
  else if (message.kind === 'expect') missing = message.count;
  else if (message.kind === 'ask') {
    ask(message).catch((error) => process.send({ error: error.message }));
  } else {
    for (const ws of sockets) ws.terminate();
    process.disconnect();
  }
  if (message.kind === 'expect') process.send({ ready: true });
});
