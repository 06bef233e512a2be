/** The program of `npm start`: the verb `start`, without a launcher. */
import { main } from './cli/main';

void main(['start', ...process.argv.slice(2)]).then((code) => {
  process.exitCode = code;
});
