/**
 * The query tables as MikroORM knows them: one row per order, fill, decision and file. The whole
 * thing stands in `body` as text; beside it only what lists are ordered and searched by. Rows are
 * never API types nor domain types. The rules of the columns: docs/storage.md.
 */
import { BigIntType, EntitySchema, Type, type Platform } from '@mikro-orm/core';

/** JSON as text on every database: the databases' own JSON types differ and round numbers. */
export class JsonText extends Type<string, string> {
  override getColumnType(_property: unknown, platform: Platform): string {
    return platform.constructor.name.startsWith('MySql') ? 'longtext' : 'text';
  }
}

export const KEY_LENGTH = 255;
const key = { type: 'string', length: KEY_LENGTH } as const;
const identity = { ...key, primary: true } as const;
/** Place in the journal of the event that made the row: unique, and the order of every list. */
const sequence = { type: new BigIntType('number'), unique: true } as const;
const body = { type: JsonText } as const;

export interface OrderRow {
  readonly id: string;
  readonly sequence: number;
  readonly status: string;
  readonly strategy: string;
  readonly instrument: string;
  readonly body: string;
}

export const OrderRowSchema = new EntitySchema<OrderRow>({
  name: 'OrderRow',
  tableName: 'view_order',
  properties: {
    id: identity,
    sequence,
    status: { type: 'string', length: 20 },
    strategy: key,
    instrument: key,
    body,
  },
  indexes: [
    { name: 'view_order_status', properties: ['status', 'sequence'] },
    { name: 'view_order_strategy', properties: ['strategy', 'sequence'] },
    { name: 'view_order_instrument', properties: ['instrument', 'sequence'] },
  ],
});

export interface FillRow {
  /** The broker's execution id. */
  readonly id: string;
  readonly sequence: number;
  /** Empty where there is none: MariaDB and the ORM never agree on columns that may be null. */
  readonly order: string;
  /** Empty: UNALLOCATED. */
  readonly strategy: string;
  /** Key of its commission, which all versions of an execution share. */
  readonly chargedAs: string;
  readonly realized: string;
  readonly body: string;
}

export const FillRowSchema = new EntitySchema<FillRow>({
  name: 'FillRow',
  tableName: 'view_fill',
  properties: {
    id: identity,
    sequence,
    order: { ...key, fieldName: 'order_id' },
    strategy: key,
    chargedAs: { ...key, fieldName: 'charged_as' },
    // Canonical text: databases round decimals.
    realized: { type: 'string', length: 80 },
    body,
  },
  indexes: [
    { name: 'view_fill_order', properties: ['order', 'sequence'] },
    { name: 'view_fill_strategy', properties: ['strategy', 'sequence'] },
  ],
});

/** Apart from the fill: a commission may be known before its fill is. */
export interface CommissionRow {
  /** The broker's execution id without its version. */
  readonly id: string;
  readonly amount: string;
}

export const CommissionRowSchema = new EntitySchema<CommissionRow>({
  name: 'CommissionRow',
  tableName: 'view_commission',
  properties: { id: identity, amount: { type: 'string', length: 80 } },
});

export interface DecisionRow {
  readonly id: string;
  readonly sequence: number;
  /** 1 or 0. */
  readonly approved: number;
  readonly body: string;
}

export const DecisionRowSchema = new EntitySchema<DecisionRow>({
  name: 'DecisionRow',
  tableName: 'view_decision',
  properties: { id: identity, sequence, approved: { type: 'integer' }, body },
  indexes: [{ name: 'view_decision_approved', properties: ['approved', 'sequence'] }],
});

export interface FileRow {
  readonly id: string;
  readonly sequence: number;
  readonly tradingDate: string;
  readonly body: string;
}

export const FileRowSchema = new EntitySchema<FileRow>({
  name: 'FileRow',
  tableName: 'view_file',
  properties: {
    id: identity,
    sequence,
    tradingDate: { type: 'string', length: 10, fieldName: 'trading_date' },
    body,
  },
  indexes: [{ name: 'view_file_date', properties: ['tradingDate', 'sequence'] }],
});

/** One row: up to which record of which journal the tables are filled. */
export interface MetaRow {
  readonly id: number;
  readonly format: number;
  readonly sequence: number;
  /** Of the record at `sequence`: the journal it came from is known by it. */
  readonly hash: string;
}

export const MetaRowSchema = new EntitySchema<MetaRow>({
  name: 'MetaRow',
  tableName: 'view_meta',
  properties: {
    id: { type: 'integer', primary: true, autoincrement: false },
    format: { type: 'integer' },
    sequence: { type: new BigIntType('number') },
    hash: { type: 'string', length: 64 },
  },
});

export const ROW_SCHEMAS = [
  OrderRowSchema,
  FillRowSchema,
  CommissionRowSchema,
  DecisionRowSchema,
  FileRowSchema,
  MetaRowSchema,
];
