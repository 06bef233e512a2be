/** The verb `gateway`: the embedded gateway alone, for any client of the broker's protocol. */
import { DEFAULT_HOST, DEFAULT_PORT, startGateway } from '../presets/gateway';
import { readOptions, usage } from './options';

const VERB = 'gateway';
const FLAGS = {
  host: { type: 'string' },
  port: { type: 'string' },
  data: { type: 'string' },
  speed: { type: 'string' },
  seed: { type: 'string' },
  trades: { type: 'string' },
} as const;
const MAX_PORT = 65_535;
const MAX_SPEED = 1_000;
const MAX_SEED = 4_294_967_295;

/** Runs until it is told to end. @throws VerbError */
export async function runGateway(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(VERB, args, FLAGS);
  if (positionals.length > 0) throw usage(VERB, `${positionals.join(' ')} belongs to no flag.`);
  const { host = DEFAULT_HOST, data, trades } = values;
  const number = (name: 'port' | 'speed' | 'seed', otherwise: number, most: number): number =>
    numberOf(name, values[name] ?? String(otherwise), most);
  const failed = failure();
  const gateway = await startGateway({
    host,
    port: number('port', DEFAULT_PORT, MAX_PORT),
    speed: number('speed', 1, MAX_SPEED),
    seed: number('seed', 1, MAX_SEED),
    ...(data === undefined ? {} : { data }),
    ...(trades === undefined ? {} : { trades }),
    onFailure: failed.report,
  });
  const where = `${gateway.host}:${gateway.port}`;
  const symbols = gateway.instruments.map(({ symbol }) => symbol).join(', ');
  console.log(`TWS gateway on ${where}, account ${gateway.account}, ${symbols}`);
  console.log(`market time ${new Date(gateway.clock.now()).toISOString()}, speed ${gateway.speed}`);
  const ended = await Promise.race([asked(), failed.happened]);
  await gateway.close();
  if (ended instanceof Error) throw ended;
  return 0;
}

/** @throws VerbError */
function numberOf(name: 'port' | 'speed' | 'seed', text: string, most: number): number {
  const value = Number(text);
  const whole = name === 'speed' || Number.isInteger(value);
  const least = name === 'speed' ? 0.01 : 0;
  if (text.trim() === '' || !whole || !(value >= least) || value > most) {
    const kind = name === 'speed' ? 'a number' : 'a whole number';
    throw usage(VERB, `--${name} ${text} must be ${kind} from ${least} to ${most}.`);
  }
  return value;
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process as usual. */
function asked(): Promise<null> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(null));
  });
}

function failure(): { readonly happened: Promise<Error>; readonly report: (e: Error) => void } {
  let report: (error: Error) => void = () => undefined;
  const happened = new Promise<Error>((resolve) => {
    report = resolve;
  });
  return { happened, report: (error) => report(error) };
}
