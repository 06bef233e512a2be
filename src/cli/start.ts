/** The verb `start`: the live server, until a signal ends it. */
import { CONFIG_FLAGS } from '../presets/configuration';
import { stopOnSignals } from '../presets/stop-signals';
import { readOptions, usage } from './options';

const VERB = 'start';

/** Never resolves: the process ends with the exit code of its stop. @throws VerbError */
export async function runStart(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(VERB, args, CONFIG_FLAGS);
  if (positionals.length > 0) throw usage(VERB, `${positionals.join(' ')} belongs to no flag.`);
  // Before the GraphQL library is loaded, whose checks for its developers cost every field.
  process.env['NODE_ENV'] ??= 'production';
  // Loaded here, so that the other verbs do not wait for the whole house.
  const { serve } = await import('../presets/serve.js');
  const tidegate = await serve(values, {
    banner: (text) => void process.stdout.write(text),
  });
  stopOnSignals({
    stop: (why) => tidegate.stop(why),
    complain: (message) => {
      tidegate.log.error(message);
    },
  });
  return new Promise<number>(() => undefined);
}
