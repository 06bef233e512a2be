/**
 * Frames of the TWS protocol: four bytes of length, then fields that each end with NUL. Knows no
 * message and no socket: bytes in, lists of fields out, however the bytes were cut.
 */

/** What a client may send in one frame; an order is far below it. */
export const MAX_FRAME_BYTES = 1024 * 1024;
const LENGTH_BYTES = 4;

/** Raised for bytes that are no frame: the stream cannot be read on. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

/** The bytes of one frame. */
export function frameOf(fields: readonly string[]): Buffer {
  return rawFrame(`${fields.join('\0')}\0`);
}

/** A frame around text that has no closing NUL: the handshake's list of versions. */
export function rawFrame(text: string): Buffer {
  const size = Buffer.byteLength(text, 'utf8');
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + size);
  frame.writeUInt32BE(size, 0);
  frame.write(text, LENGTH_BYTES, 'utf8');
  return frame;
}

/** The fields of a frame's text; what follows the last NUL counts as a field if it is not empty. */
export function fieldsOf(text: string): string[] {
  const fields = text.split('\0');
  if (fields.at(-1) === '') fields.pop();
  return fields;
}

/** Collects bytes until frames are whole. */
export class FrameReader {
  #pending: Buffer = Buffer.alloc(0);

  /** Adds bytes as they came. */
  push(bytes: Buffer): void {
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
  }

  /** Takes bytes that are no frame, such as the greeting; undefined until they are all there. */
  takeBytes(count: number): Buffer | undefined {
    if (this.#pending.length < count) return undefined;
    const taken = this.#pending.subarray(0, count);
    this.#pending = this.#pending.subarray(count);
    return taken;
  }

  /** The text of the next whole frame. @throws FrameError */
  takeFrame(): string | undefined {
    if (this.#pending.length < LENGTH_BYTES) return undefined;
    const size = this.#pending.readUInt32BE(0);
    if (size > MAX_FRAME_BYTES) {
      throw new FrameError(`a frame of ${size} bytes; at most ${MAX_FRAME_BYTES} are read`);
    }
    if (this.#pending.length < LENGTH_BYTES + size) return undefined;
    const text = this.#pending.toString('utf8', LENGTH_BYTES, LENGTH_BYTES + size);
    this.#pending = this.#pending.subarray(LENGTH_BYTES + size);
    return text;
  }
}
