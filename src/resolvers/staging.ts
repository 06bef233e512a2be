/** Orders for an opening auction: which one, and until when Tidegate holds them. */
import type { Refusal } from '../domain/refusal';
import type { ApiContext } from './context';
import type { PlaceCommand } from './order-input';

/** The command with what it waits for; as it is where it waits for no auction. */
export async function withAuction(
  { desk, engine }: ApiContext,
  command: PlaceCommand,
): Promise<PlaceCommand | Refusal> {
  // A retry is answered with the first result, whatever the time.
  const known = engine.state.requests.has(command.requestId);
  if (command.timeInForce !== 'OPG' || known) return command;
  const auction = await desk.auction(command.instrument);
  if ('code' in auction) return auction;
  const { tradingDate, ...staged } = auction;
  return { ...command, tradingDate, staged };
}
