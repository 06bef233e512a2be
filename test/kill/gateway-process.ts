// The embedded gateway in a process of its own, with its own file: the broker of the kill test.
// Tells its market time to whoever started it, and ends with it.

import { startGateway } from '../../src/presets/gateway';
import type { FromGateway, GatewayOrders } from './messages';

const TELL_EVERY = 50;

const tell = (message: FromGateway): void => void process.send?.(message);

async function main({ port, seed, speed, data }: GatewayOrders): Promise<void> {
  const gateway = await startGateway({
    ...{ port, seed, speed, data },
    onFailure: (error) => tell({ kind: 'failed', message: error.message }),
  });
  const tellTime = (): void => {
    tell({ kind: 'time', market: gateway.clock.now(), wall: Date.now(), speed });
  };
  tellTime();
  tell({ kind: 'listening', port: gateway.port });
  const timer = setInterval(tellTime, TELL_EVERY);
  process.on('message', () => {
    clearInterval(timer);
    void gateway.close().then(() => process.exit(0));
  });
}

process.on('disconnect', () => process.exit(1));
main(JSON.parse(process.argv[2] ?? '{}') as GatewayOrders).catch((cause: unknown) => {
  tell({ kind: 'failed', message: String(cause) });
  process.exitCode = 1;
});
