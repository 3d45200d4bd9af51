/** A turn of the event loop in which requests waited this long is late, milliseconds. */
const LATE_MS = 60;
/** How long turns must be late without a break before requests are refused. */
const SUSTAINED_MS = 400;
/** The same when they are late with this many requests each: a machine that others keep busy is late with few. */
const CROWDED_MS = 80;
const CROWD = 200;
/** How long turns should be while it refuses, milliseconds: nobody is refused sooner than the next one. */
const TURN_MS = 4;
/**
 * The part of a turn in which it still admits, milliseconds: more, while that keeps turns short enough. It is set anew
 * every {@link ADJUST_MS}, in steps that halve or double it in a third of a second. Not less than this, because turns
 * may be long for reasons that refusing doesn't mend. Measured at three times the highest rate that one core answers,
 * 24,000 requests a second over 2,000 connections, of which 40 % are answered: refused after 9.7 ms (99th percentile);
 * with turns of 8 ms after 68, with 6 ms at least after 85.
 */
const LEAST_BUDGET_MS = 2;
const ADJUST_MS = 100;
const BUDGET_STEP = 1.25;
/** How often it looks whether it may admit all again: when less than one in a hundred was refused since. */
const RECOVERY_MS = 500;
const RECOVERED_SHARE = 0.01;

export interface AdmissionOptions {
  /**
   * Open connections. Each asks for one thing at a time, so few of them can't overload a server for long, however soon
   * they ask again for what was refused.
   */
  connections(): number;
  /** Called when it begins or ends to refuse. */
  onChange?(overloaded: boolean): void;
  /** Milliseconds; for tests. */
  now?(): number;
}

/**
 * Decides which requests a server takes on. What a server can't answer in time it should refuse at once, because the
 * time it would spend is taken from those it could answer. The sign of overload is the length of the event loop's
 * turns: whoever is read in a turn has waited for the turn before.
 */
export class Admission {
  private turnBegan: number | undefined;
  private requestsInTurn = 0;
  /** Of the last late turn. */
  private msPerRequest = 0;
  private lateSince: number | undefined;
  private refusing = false;
  private budget = LEAST_BUDGET_MS;
  private adjusted = 0;
  /** Of the turns since then. */
  private sum = 0;
  private sumOfSquares = 0;
  private windowBegan = 0;
  private asked = 0;
  private refused = 0;

  private readonly now: () => number;

  constructor(private readonly options: AdmissionOptions) {
    this.now = options.now ?? (() => performance.now());
  }

  /** Whether requests are being refused. */
  get overloaded(): boolean {
    return this.refusing;
  }

  /** Asks for one request to be taken on. */
  admits(): boolean {
    const now = this.now();
    if (this.turnBegan === undefined) {
      this.turnBegan = now;
      setImmediate(() => this.endTurn());
    }
    this.requestsInTurn++;
    if (!this.refusing) return true;
    this.asked++;
    if (now - this.turnBegan < this.budget) return true;
    this.refused++;
    return false;
  }

  private endTurn(): void {
    const now = this.now();
    const began = this.turnBegan as number;
    const requests = this.requestsInTurn;
    this.turnBegan = undefined;
    this.requestsInTurn = 0;
    if (this.refusing) {
      this.adjust(now, now - began);
      this.recover(now);
      return;
    }
    if (now - began < LATE_MS) {
      this.lateSince = undefined;
      return;
    }
    this.msPerRequest = (now - began) / requests;
    this.lateSince ??= began;
    if (now - this.lateSince >= (requests < CROWD ? SUSTAINED_MS : CROWDED_MS)) this.change(true, now);
  }

  private adjust(now: number, turn: number): void {
    this.sum += turn;
    this.sumOfSquares += turn * turn;
    if (now - this.adjusted < ADJUST_MS) return;
    // A long turn is met by more requests than a short one.
    const met = this.sumOfSquares / this.sum;
    this.budget = met < TURN_MS ? this.budget * BUDGET_STEP : Math.max(this.budget / BUDGET_STEP, LEAST_BUDGET_MS);
    this.adjusted = now;
    this.sum = 0;
    this.sumOfSquares = 0;
  }

  private recover(now: number): void {
    if (now - this.windowBegan < RECOVERY_MS) return;
    const few = this.options.connections() * this.msPerRequest < LATE_MS;
    if (few || this.refused < this.asked * RECOVERED_SHARE) this.change(false, now);
    else this.openWindow(now);
  }

  private change(refusing: boolean, now: number): void {
    this.refusing = refusing;
    this.budget = LEAST_BUDGET_MS;
    this.adjusted = now;
    this.sum = 0;
    this.sumOfSquares = 0;
    this.lateSince = undefined;
    this.openWindow(now);
    this.options.onChange?.(refusing);
  }

  private openWindow(now: number): void {
    this.windowBegan = now;
    this.asked = 0;
    this.refused = 0;
  }
}
