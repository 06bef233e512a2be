/**
 * The one catalogue of the broker's codes: what each means, what to do, and how it is treated when
 * it comes with the id of an order. docs/reference/broker-codes.md is generated from it.
 */

/**
 * REFUSES: the new order, or the change that was asked for, is refused; what worked before goes on.
 * ENDS: the order is over. KEEPS_CHANGE: a change is refused, the order works on. KEEPS_ORDER: a
 * cancel is refused. UNKNOWN_ORDER: the same, because the broker has no such order. WARNS: the
 * order lives. NONE: not about an order, or not decisive; the next status says what became of it.
 */
export type OrderMeaning =
  'REFUSES' | 'ENDS' | 'KEEPS_CHANGE' | 'KEEPS_ORDER' | 'UNKNOWN_ORDER' | 'WARNS' | 'NONE';
export type CodeLevel = 'INFO' | 'WARNING' | 'ERROR';

export interface CodeEntry {
  readonly code: number;
  readonly level: CodeLevel;
  readonly onOrder: OrderMeaning;
  /** What it means, in one sentence. */
  readonly meaning: string;
  /** What to do next. */
  readonly next: string;
}

type Row = readonly [code: number, level: CodeLevel, meaning: string, next: string];
const rows = (onOrder: OrderMeaning, table: readonly Row[]): readonly CodeEntry[] =>
  table.map(([code, level, meaning, next]) => ({ code, level, onOrder, meaning, next }));

const LOOK = 'Read the message of the order; correct it and place a new one.';
const PRECAUTION = 'Check the order, and the precautionary settings of the API in TWS.';
const PERMISSION = 'Ask the broker for the permission.';
const ACCOUNTS = 'Name one of the accounts of the login.';
const UPDATE = 'Update Tidegate and report it.';
const NOTHING = 'Nothing.';
const TRUST = 'Nothing; the order works.';

const ORDER_CODES = [
  ...rows('REFUSES', [
    [103, 'ERROR', 'The order id was used before.', 'Restart Tidegate: it takes the ids anew.'],
    [109, 'ERROR', 'The price is outside the percentage set in TWS.', PRECAUTION],
    [
      110,
      'ERROR',
      'The price is no multiple of the step at the exchange.',
      'Check the tick size of the instrument.',
    ],
    [111, 'ERROR', 'The order type does not go with its time in force.', LOOK],
    [113, 'ERROR', 'This kind of order must be for the day.', LOOK],
    [116, 'ERROR', 'The exchange of the order is closed for good.', 'Check the instrument.'],
    [133, 'ERROR', 'The order could not be submitted.', LOOK],
    [140, 'ERROR', 'The size is no whole number.', LOOK],
    [141, 'ERROR', 'The price is no number.', LOOK],
    [145, 'ERROR', 'A field of the order is not valid.', LOOK],
    [154, 'ERROR', 'Trading of the instrument is halted.', 'Wait until it trades again.'],
    [160, 'ERROR', 'The size is zero.', LOOK],
    [
      163,
      'ERROR',
      'The price is further from the market than the settings in TWS allow.',
      PRECAUTION,
    ],
    [
      200,
      'ERROR',
      'The broker knows no such instrument, or more than one.',
      'Add the instrument again by its exchange.',
    ],
    [201, 'ERROR', 'The broker rejected the order.', 'The reason stands in the message.'],
    [203, 'ERROR', 'The account must not trade this instrument.', PERMISSION],
    [320, 'ERROR', 'The broker could not read the request.', 'The message says why.'],
    [
      321,
      'ERROR',
      'The broker did not accept the request as it was written.',
      'The message names the field; the gateway may also be set to read-only.',
    ],
    [
      355,
      'ERROR',
      'The size does not fit the rules of the market.',
      'Check the lot size of the instrument.',
    ],
    [
      382,
      'ERROR',
      'The price is more ticks from the market than the settings in TWS allow.',
      PRECAUTION,
    ],
    [383, 'ERROR', 'The size is above the limit set in TWS.', PRECAUTION],
    [387, 'ERROR', 'The exchange has no such order type for this instrument.', LOOK],
    [388, 'ERROR', 'The size is below the smallest one.', 'Order more.'],
    [403, 'ERROR', 'The stop price is not valid.', LOOK],
    [412, 'ERROR', 'The instrument cannot be traded.', 'Check the instrument.'],
    [421, 'ERROR', 'The route of the order is not valid.', 'Check the exchange of the instrument.'],
    [426, 'ERROR', 'The account must not sell short.', PERMISSION],
    [434, 'ERROR', 'The size is zero.', LOOK],
    [435, 'ERROR', 'The order names no account.', ACCOUNTS],
    [436, 'ERROR', 'The order names no account or an unknown one.', ACCOUNTS],
    [460, 'ERROR', 'The account has no permission to trade this.', PERMISSION],
    [10006, 'ERROR', 'The order names a parent that the broker does not have.', LOOK],
    [10052, 'ERROR', 'The time in force is not possible for this order.', LOOK],
    [10243, 'ERROR', 'Fractions of a share cannot be ordered here.', 'Order whole shares.'],
    [10268, 'ERROR', 'An attribute of the order is not supported any more.', UPDATE],
    [10269, 'ERROR', 'An attribute of the order is not supported any more.', UPDATE],
    [10318, 'ERROR', 'Fractions cannot be ordered this way.', 'Order whole shares.'],
  ]),
  ...rows('ENDS', [
    [
      202,
      'INFO',
      'The order is cancelled.',
      'If nobody cancelled it, the reason stands in the message.',
    ],
  ]),
  ...rows('KEEPS_CHANGE', [
    [
      134,
      'WARNING',
      'The change failed; the order works as it was.',
      'Cancel it and place a new one.',
    ],
    [
      329,
      'WARNING',
      'The type of a working order cannot be changed.',
      'Cancel it and place a new one.',
    ],
    [104, 'WARNING', 'A filled order cannot be changed.', 'Look at its fills.'],
    [
      105,
      'WARNING',
      'The change does not fit the order at the broker; the order works as it was.',
      'Cancel it and place a new one.',
    ],
    [106, 'WARNING', 'The order cannot be sent on as it is.', 'Look at the order in TWS.'],
    [
      107,
      'WARNING',
      'An order that is not complete cannot be sent on.',
      'Look at the order in TWS.',
    ],
  ]),
  ...rows('KEEPS_ORDER', [
    [136, 'WARNING', 'The order cannot be cancelled.', 'Look at its status and fills.'],
    [
      161,
      'WARNING',
      'The order cannot be cancelled in its state.',
      'Look at its status and fills.',
    ],
    [10148, 'WARNING', 'The order cannot be cancelled any more.', 'Look at its status and fills.'],
  ]),
  ...rows('UNKNOWN_ORDER', [
    [135, 'WARNING', 'The broker has no order with this id.', 'Reconcile, then look at the order.'],
    [
      10147,
      'WARNING',
      'The broker has no order with this id to cancel.',
      'Reconcile, then look at the order.',
    ],
  ]),
  ...rows('WARNS', [
    [399, 'WARNING', 'A remark about an order, often that it waits for the open.', TRUST],
    [
      404,
      'WARNING',
      'Shares to sell short are being looked for; the order is held until then.',
      'Wait, or cancel it.',
    ],
    [2109, 'INFO', 'Trading outside regular hours does not apply to this order.', TRUST],
    [
      10349,
      'WARNING',
      'A preset in TWS changed the time in force.',
      'Check the order presets in TWS.',
    ],
    [2161, 'INFO', 'The price of the order is capped.', TRUST],
  ]),
];

const LINK_CODES = rows('NONE', [
  [
    100,
    'ERROR',
    'More messages a second than the broker takes.',
    'Lower messagesPerSecond; see what else is connected.',
  ],
  [
    326,
    'ERROR',
    'The client id is in use by another connection.',
    'End the other program or choose another client id, then start again.',
  ],
  [327, 'ERROR', 'Only client 0 may do this.', 'Use another way, or connect as client 0.'],
  [501, 'INFO', 'There is a connection already.', NOTHING],
  [
    502,
    'ERROR',
    'Nothing answers at the address.',
    'Start TWS or the Gateway and allow API connections.',
  ],
  [503, 'ERROR', 'The gateway is too old.', 'Update TWS or the Gateway.'],
  [504, 'WARNING', 'There is no connection.', 'Wait for the next attempt.'],
  [
    505,
    'WARNING',
    'A message could not be read and was left out.',
    'The next reading of the orders covers it; if it goes on, update Tidegate.',
  ],
  [
    506,
    'ERROR',
    'The gateway speaks a version that the library does not know.',
    'Use a TWS or Gateway that speaks version 193 or lower to this client.',
  ],
  [
    507,
    'ERROR',
    'A message of an impossible length came.',
    'Check that the address is a TWS or Gateway.',
  ],
  [
    1100,
    'ERROR',
    'The gateway has lost the broker.',
    'Wait: it comes back by itself; protective orders at the broker stay.',
  ],
  [
    1101,
    'WARNING',
    'The gateway has the broker again; streams were lost.',
    'Nothing: prices are asked for again and everything is compared.',
  ],
  [1102, 'INFO', 'The gateway has the broker again.', 'Nothing: everything is compared.'],
  [1300, 'ERROR', 'The port of the gateway was changed.', 'Set the new port and start again.'],
  [2100, 'INFO', 'Account data of another subscription ended.', NOTHING],
  [
    2103,
    'WARNING',
    'A market data farm is not connected.',
    'Wait; prices of its instruments are missing.',
  ],
  [2104, 'INFO', 'A market data farm is connected.', NOTHING],
  [2105, 'WARNING', 'A history farm is not connected.', 'Wait; daily bars are missing.'],
  [2106, 'INFO', 'A history farm is connected.', NOTHING],
  [2107, 'INFO', 'A history farm sleeps until it is asked.', NOTHING],
  [2108, 'INFO', 'A market data farm sleeps until it is asked.', NOTHING],
  [2110, 'ERROR', 'The gateway has no connection to the broker.', 'Wait: it comes back by itself.'],
  [
    2157,
    'WARNING',
    'The farm of instrument definitions is not connected.',
    'Wait; new instruments cannot be added.',
  ],
  [2158, 'INFO', 'The farm of instrument definitions is connected.', NOTHING],
]);

const DATA_CODES = rows('NONE', [
  [
    101,
    'ERROR',
    'More market data lines than the login has.',
    'Watch fewer instruments, or close windows in TWS.',
  ],
  [102, 'ERROR', 'A request id was used twice.', 'Say so: it is a fault of Tidegate.'],
  [
    162,
    'WARNING',
    'The history service answered with an error.',
    'The message says which; ask later.',
  ],
  [300, 'INFO', 'There is no such stream to end.', NOTHING],
  [322, 'ERROR', 'The broker could not work off the request.', 'The message says why; ask later.'],
  [
    354,
    'ERROR',
    'The login has no real-time prices for this.',
    'Subscribe to them; triggers on it do not fire.',
  ],
  [366, 'INFO', 'There is no such history request.', NOTHING],
  [
    10089,
    'ERROR',
    'Real-time prices need a further subscription.',
    'Subscribe to them; triggers on it do not fire.',
  ],
  [10090, 'WARNING', 'A part of the prices is not subscribed.', 'Subscribe to it if it is needed.'],
  [
    10167,
    'WARNING',
    'Only delayed prices: they count for nothing here.',
    'Subscribe to real-time prices.',
  ],
  [10168, 'ERROR', 'There are no prices, delayed ones neither.', 'Subscribe to real-time prices.'],
  [10197, 'ERROR', 'Another session of the same user takes the prices.', 'Log the other one out.'],
]);

export const BROKER_CODES: readonly CodeEntry[] = [
  ...ORDER_CODES,
  ...LINK_CODES,
  ...DATA_CODES,
].sort((a, b) => a.code - b.code);

const BY_CODE = new Map(BROKER_CODES.map((entry) => [entry.code, entry]));

/** What the catalogue says of a code; undefined for one that it does not have. */
export function codeEntry(code: number): CodeEntry | undefined {
  return BY_CODE.get(code);
}

/** The broker's text with the code, and the catalogue's next step where there is one. */
export function explain(code: number, text: string): string {
  const entry = BY_CODE.get(code);
  const said = text.trim() === '' ? (entry?.meaning ?? 'no text') : text.trim();
  const next = entry === undefined || entry.next === NOTHING ? '' : `. ${entry.next}`;
  return `${said} (broker code ${code})${next}`;
}
