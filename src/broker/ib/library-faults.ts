/**
 * Messages that the library would misread, put right before it decodes them. Pure; each mend names
 * the versions of the gateway it is for.
 */

const COMPLETED_ORDER = '101';
/** From here on orders have no profile of financial advisors. */
const NO_FA_PROFILE = 177;
/** Its place in a completed order: every field before it has been there in all versions. */
const FA_PROFILE = 31;

/**
 * A completed order of a gateway below 177 carries a field that the library skips in open orders
 * only: everything after it would be read one field late, so the field is taken out.
 */
export function mended(fields: readonly string[], serverVersion: number): readonly string[] {
  if (fields[0] !== COMPLETED_ORDER || serverVersion >= NO_FA_PROFILE) return fields;
  return [...fields.slice(0, FA_PROFILE), ...fields.slice(FA_PROFILE + 1)];
}
