/** Turns of the event loop, in which requests wait so long, are late; milliseconds. */
const LATE = { turnMs: 60, sustainedMs: 400 };
/**
 * Turns of so many requests are late sooner, and need be late for less long without a break before requests are refused:
 * a machine that others keep busy, or a pause for garbage, makes turns long with few.
 */
const CROWDED = { requests: 500, turnMs: 30, sustainedMs: 120 };
/**
 * A crowded turn is an overload's at once after so many turns in a row that each met so many times as many requests as
 * the one before: what came in a turn is answered in the next, so that turns grow when more comes than can be answered,
 * twofold at twice as much. After a pause there is one long turn, and shorter ones follow.
 */
const GROWTH = { factor: 1.4, turns: 3 };
/** How long turns should be while it refuses, milliseconds: nobody is refused sooner than the next one. */
const TURN_MS = 4;
/** A longer one counts as several, so that some are admitted in each. */
const LONGEST_TURN_MS = 20;
/**
 * The part of a turn in which it still admits, milliseconds: more, while that keeps turns short enough. It is set anew
 * every {@link ADJUST_MS}, in steps that halve or double it in a third of a second. Not less than this, because turns
 * may be long for reasons that refusing doesn't mend. Measured at two and three times what one core answers by the model,
 * over 2,000 connections: half of those refused hear it within 5 to 10 ms. The 99th percentile of a second is 10 to 20 ms
 * for pauses for garbage, 4 to 5 ms each, and 50 to 150 ms in the second in which an overload begins.
 */
const LEAST_BUDGET_MS = 2;
/** More would not be used up by short turns, and take a second to take back when more requests come. */
const MOST_BUDGET_MS = 8;
const ADJUST_MS = 100;
const BUDGET_STEP = 1.25;
/** How often it looks whether it may admit all again: when less than one in a hundred was refused since ... */
const RECOVERY_MS = 500;
const RECOVERED_SHARE = 0.01;
/** ... and fewer requests come than when it began, or nothing had to be refused for so long, milliseconds. */
const CALM_SHARE = 0.7;
const CALM_MS = 5000;

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
 *
 * Those who are refused at the beginning have waited long, so it doesn't end before fewer requests come.
 */
export class Admission {
  private turnBegan: number | undefined;
  /** Whether a part of the turn was judged already. */
  private inLongTurn = false;
  private requestsInTurn = 0;
  /** Of the turn before. */
  private requestsBefore = Number.POSITIVE_INFINITY;
  /** Turns in a row that met many more requests than the one before. */
  private growths = 0;
  /** Of the last late turn. */
  private msPerRequest = 0;
  /** Requests a millisecond when it began to refuse. */
  private rateWhenLate = 0;
  private lateSince: number | undefined;
  private refusing = false;
  private budget = LEAST_BUDGET_MS;
  private adjusted = 0;
  /** Of the turns since then. */
  private sum = 0;
  private sumOfSquares = 0;
  /** When more than some were refused, last. */
  private refusedAt = 0;
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
    } else if (this.isLong(now - this.turnBegan)) {
      this.judge(now);
      this.turnBegan = now;
      this.inLongTurn = true;
    }
    this.requestsInTurn++;
    if (!this.refusing) return true;
    this.asked++;
    if (now - this.turnBegan < this.budget) return true;
    this.refused++;
    return false;
  }

  /**
   * Whether a turn is judged before it ends: while more than 1,024 sockets at once have something to read, the event loop
   * reads on, for seconds.
   */
  private isLong(ms: number): boolean {
    if (this.refusing) return ms >= LONGEST_TURN_MS;
    return ms >= lateness(this.requestsInTurn).turnMs;
  }

  private endTurn(): void {
    this.judge(this.now());
    this.turnBegan = undefined;
    this.inLongTurn = false;
  }

  private judge(now: number): void {
    const began = this.turnBegan as number;
    const requests = this.requestsInTurn;
    this.requestsInTurn = 0;
    if (this.refusing) {
      this.adjust(now, now - began);
      this.recover(now);
      return;
    }
    const late = lateness(requests);
    if (!this.inLongTurn) this.compare(requests);
    if (now - began < late.turnMs) {
      if (!this.inLongTurn) this.lateSince = undefined;
      return;
    }
    this.msPerRequest = (now - began) / requests;
    this.lateSince ??= began;
    const runsAway = late === CROWDED && this.growths >= GROWTH.turns;
    if (!runsAway && now - this.lateSince < late.sustainedMs) return;
    this.rateWhenLate = requests / (now - began);
    this.change(true, now);
  }

  private compare(requests: number): void {
    this.growths = requests >= GROWTH.factor * this.requestsBefore ? this.growths + 1 : 0;
    this.requestsBefore = requests;
  }

  private adjust(now: number, turn: number): void {
    this.sum += turn;
    this.sumOfSquares += turn * turn;
    if (now - this.adjusted < ADJUST_MS) return;
    // A long turn is met by more requests than a short one.
    const met = this.sumOfSquares / this.sum;
    this.budget =
      met < TURN_MS
        ? Math.min(this.budget * BUDGET_STEP, MOST_BUDGET_MS)
        : Math.max(this.budget / BUDGET_STEP, LEAST_BUDGET_MS);
    this.adjusted = now;
    this.sum = 0;
    this.sumOfSquares = 0;
  }

  private recover(now: number): void {
    if (now - this.windowBegan < RECOVERY_MS) return;
    const few = this.options.connections() * this.msPerRequest < LATE.turnMs;
    if (this.refused >= this.asked * RECOVERED_SHARE) this.refusedAt = now;
    const calm = this.asked / (now - this.windowBegan) < CALM_SHARE * this.rateWhenLate;
    if (few || (this.refusedAt < now && (calm || now - this.refusedAt > CALM_MS))) this.change(false, now);
    else this.openWindow(now);
  }

  private change(refusing: boolean, now: number): void {
    this.refusing = refusing;
    this.budget = LEAST_BUDGET_MS;
    this.adjusted = now;
    this.sum = 0;
    this.sumOfSquares = 0;
    this.lateSince = undefined;
    this.growths = 0;
    this.refusedAt = now;
    this.openWindow(now);
    this.options.onChange?.(refusing);
  }

  private openWindow(now: number): void {
    this.windowBegan = now;
    this.asked = 0;
    this.refused = 0;
  }
}

function lateness(requests: number): typeof LATE {
  return requests < CROWDED.requests ? LATE : CROWDED;
}
