const ZERO = 48;
const MINUS = 45;
const POINT = 46;
/** Longest text of a decimal: sign, 10 digits, point, 6 digits. */
const DECIMAL_BYTES = 18;
/** 6 decimals: the precision that float32 scores have. */
export const MILLION = 1e6;

/**
 * Puts a body together from pieces that are UTF-8 already, in memory that it keeps: a third of the time that strings
 * take, which are added, measured and encoded one after the other.
 */
export class JsonWriter {
  private memory = Buffer.allocUnsafeSlow(16_384);
  private length = 0;

  text(text: string): void {
    // A UTF-16 unit has 3 bytes of UTF-8 at most.
    this.reserve(3 * text.length);
    this.length += this.memory.write(text, this.length);
  }

  bytes(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.memory.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Writes a part of `bytes`, some dozens of bytes: for more, {@link bytes} is faster. */
  slice(bytes: Uint8Array, start: number, end: number): void {
    this.reserve(end - start);
    const { memory } = this;
    let to = this.length;
    for (let from = start; from < end; from++) memory[to++] = bytes[from] as number;
    this.length = to;
  }

  /** Rounded to 6 decimals, which are left out of a whole number. */
  decimal(value: number): void {
    const millionths = Math.round(Math.abs(value) * MILLION);
    if (!(millionths < 1e16)) {
      this.text(`${Math.round(value * MILLION) / MILLION}`);
      return;
    }
    this.reserve(DECIMAL_BYTES);
    if (value < 0 && millionths > 0) this.memory[this.length++] = MINUS;
    const whole = Math.floor(millionths / MILLION);
    if (whole < 10) this.memory[this.length++] = ZERO + whole;
    else this.length += this.memory.write(`${whole}`, this.length);
    let fraction = millionths - whole * MILLION;
    if (fraction === 0) return;
    this.memory[this.length++] = POINT;
    for (let digit = 5; digit >= 0; digit--) {
      const rest = Math.floor(fraction / 10);
      this.memory[this.length + digit] = ZERO + fraction - 10 * rest;
      fraction = rest;
    }
    this.length += 6;
  }

  /** What was written since the last time, as a copy. */
  take(): Buffer {
    const body = Buffer.allocUnsafe(this.length);
    this.memory.copy(body, 0, 0, this.length);
    this.length = 0;
    return body;
  }

  /**
   * What was written since the last time, each byte as a character of Latin-1: a text that is sent as Latin-1 goes out
   * as the same bytes, in one piece with the head before it, which costs less than memory of its own.
   */
  takeLatin1(): string {
    const body = this.memory.toString('latin1', 0, this.length);
    this.length = 0;
    return body;
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.memory.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * (this.length + bytes));
    this.memory.copy(larger, 0, 0, this.length);
    this.memory = larger;
  }
}
