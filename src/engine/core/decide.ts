/**
 * decide(state, envelope, ask): what an input means, as events. Pure, synchronous and total: no
 * clock, no randomness, no I/O, and no change to the state. Every input of the engine passes here.
 */
import type { Envelope } from '../../domain/input';
import { outcome, type Ask, type Outcome } from './context';
import { decideCommand } from './decide-command';
import { decideLink } from './decide-link';
import { decideReport } from './decide-report';
import { decideSend } from './decide-send';
import { decideTrails } from './decide-trails';
import { decideTrigger } from './decide-trigger';
import { haltOnLoss } from './loss';
import type { State } from './state';

export function decide(state: State, envelope: Envelope, ask: Ask): Outcome {
  const { input, at } = envelope;
  switch (input.kind) {
    case 'COMMAND':
      return decideCommand(state, ask, { command: input.command, at });
    case 'REPORT':
      return outcome(decideReport(state, ask, { report: input.report, at }));
    case 'LEG_FIRED':
      return outcome(decideTrigger(state, ask, { input, at }));
    case 'TRAILS_MOVED':
      return outcome(decideTrails(state, input));
    case 'LOSS_SEEN':
      return outcome(haltOnLoss(state, ask, input.account));
    case 'LINK_SYNCHRONIZED':
    case 'LINK_LOST':
    case 'LINK_OPENED':
    case 'PACE_ALLOWS':
    case 'POSITION_SEEN':
      return outcome(decideLink(state, ask, { input, at }));
    case 'SEND_DUE':
      return outcome(decideSend(state, ask, { input, at }));
  }
}
