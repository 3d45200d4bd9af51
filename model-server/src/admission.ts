/**
 * Turns of the event loop that are late although hardly any request of theirs asked the model, because who waits too long
 * is spared it. Requests are refused when so many turns in a row met that many of them, each nearly as many as the one
 * before, or such parts of `endlessMs` of one that doesn't end, or when all are late for so long. A pause is a late turn
 * that met few, and those that follow meet fewer and fewer.
 *
 * Measured at two and three times what one core answers by the model: sooner, and pauses are taken for an overload; later,
 * and who meets its beginning waits for more than 100 ms.
 */
const LATE = { turnMs: 50, endlessMs: 80, requests: 200, shrinking: 0.95, turns: 2, sustainedMs: 500 };
/** Turns of fewer requests are long for another reason than these: a pause, or code that is not compiled yet. */
const CROWD = 32;
/** Who is read so long after a turn came after it, milliseconds: between turns in a row there are the model's results. */
const APART_MS = 20;
/** How long turns should be while it refuses, milliseconds: nobody is refused sooner than the next one. */
const TURN_MS = 2;
/** A longer one counts as several, so that some are admitted in each. */
const LONGEST_TURN_MS = 20;
/**
 * The part of a turn in which it still admits, milliseconds: more, while that keeps turns short enough. It is set anew
 * every {@link ADJUST_MS}, in steps that halve or double it in a third of a second. Not less than this, because turns
 * may be long for reasons that refusing doesn't mend. Measured at three times what one core answers by the model, over
 * 2,000 connections: half of those refused hear it within 4 to 9 ms, and 99 % of a usual second's within 6 to 30; those
 * who met the beginning, some thousands, after 40 to 120.
 */
const LEAST_BUDGET_MS = 1;
/** More would not be used up by short turns, and take a second to take back when more requests come. */
const MOST_BUDGET_MS = 4;
const ADJUST_MS = 100;
const BUDGET_STEP = 1.25;
/** How often it looks whether so few were refused since, or so much time was left, that all can be admitted again. */
const RECOVERY_MS = 500;
const RECOVERED_SHARE = 0.01;
/**
 * Of the time, if all had been answered by popular items. Those refused late in a turn are not a sign of too many: pauses
 * make turns long at any load.
 */
const RECOVERED_BUSY = 0.8;
/** What such an answer takes, times of a refusal. */
const ANSWER_OVER_REFUSAL = 1.5;

export interface AdmissionOptions {
  /**
   * Open connections. Each asks for one thing at a time, so few of them can't overload a server for long, however soon
   * they ask again for what was refused.
   */
  connections(): number;
  /** Called when it begins and ceases to refuse requests. */
  onChange?(overloaded: boolean): void;
  /** Milliseconds; for tests. */
  now?(): number;
}

/**
 * Decides which requests a server takes on. The sign of too many is the length of the event loop's turns: whoever is
 * read in a turn has waited for the turn before. The longer that is, the less is left for a run of the model, until
 * popular items answer in its place, for a third of the time. When they are too many for that as well, requests are
 * refused: what a server can't answer in time it should refuse at once, because the time it would spend is taken from
 * those it could answer.
 */
export class Admission {
  private turnBegan: number | undefined;
  private requestsInTurn = 0;
  /** Of the last turn, if it met a crowd, milliseconds. */
  private turnMs = 0;
  private turnEnded = 0;
  /** What is judged: a turn, or a part of a long one. */
  private partBegan = 0;
  private requests = 0;
  /** Of the part before. */
  private requestsBefore = 0;
  private lateSince: number | undefined;
  /** Late turns in a row that met nearly as many requests as the one before. */
  private stuck = 0;
  private refusing = false;
  private budget = LEAST_BUDGET_MS;
  private adjusted = 0;
  /** Of the turns since then. */
  private sum = 0;
  private sumOfSquares = 0;
  private windowBegan = 0;
  private asked = 0;
  private refused = 0;
  /** Of the turns that ended since then, milliseconds. */
  private busyMs = 0;

  private readonly now: () => number;

  constructor(private readonly options: AdmissionOptions) {
    this.now = options.now ?? (() => performance.now());
  }

  /**
   * Milliseconds that whoever is read in a crowd has waited already, about: the last turn, or this one until now. Without
   * end while requests are refused, because what a model's run takes would be missing to answer others at all.
   */
  waitedMs(): number {
    if (this.refusing) return Number.POSITIVE_INFINITY;
    if (this.turnBegan === undefined) return 0;
    return this.requestsInTurn < CROWD ? this.turnMs : Math.max(this.turnMs, this.now() - this.turnBegan);
  }

  /** Asks for one request to be taken on. */
  admits(): boolean {
    const now = this.now();
    if (this.turnBegan === undefined) {
      if (now - this.turnEnded > APART_MS) this.turnMs = 0;
      this.turnBegan = now;
      this.partBegan = now;
      setImmediate(() => this.endTurn());
    } else if (now - this.partBegan >= (this.refusing ? LONGEST_TURN_MS : LATE.endlessMs)) {
      // While more than 1,024 sockets at once have something to read, the event loop reads on, for seconds.
      this.endPart(now);
      this.partBegan = now;
    }
    this.requests++;
    this.requestsInTurn++;
    if (!this.refusing) return true;
    this.asked++;
    if (now - this.partBegan < this.budget) return true;
    this.refused++;
    return false;
  }

  private endTurn(): void {
    const now = this.now();
    // The rest of a long turn is short for another reason than that all is well.
    if (this.refusing || this.partBegan === this.turnBegan) this.endPart(now);
    this.turnMs = this.requestsInTurn < CROWD ? 0 : now - (this.turnBegan as number);
    this.turnEnded = now;
    this.turnBegan = undefined;
    this.requests = 0;
    this.requestsInTurn = 0;
  }

  private endPart(now: number): void {
    const ms = now - this.partBegan;
    if (this.refusing) {
      this.busyMs += ms;
      this.adjust(now, ms);
      this.recover(now);
    } else if (ms < LATE.turnMs) {
      this.lateSince = undefined;
      this.stuck = 0;
    } else if (this.isOverload(now, ms)) this.change(true, now);
    this.requestsBefore = this.requests;
    this.requests = 0;
  }

  private isOverload(now: number, ms: number): boolean {
    const { requests } = this;
    this.lateSince ??= this.partBegan;
    const grows = requests >= LATE.requests && requests >= LATE.shrinking * this.requestsBefore;
    this.stuck = grows ? this.stuck + 1 : 0;
    if (this.stuck < LATE.turns && now - this.lateSince < LATE.sustainedMs) return false;
    return (this.options.connections() * ms) / requests >= LATE.turnMs;
  }

  private adjust(now: number, ms: number): void {
    this.sum += ms;
    this.sumOfSquares += ms * ms;
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
    const refusedShare = this.refused / this.asked;
    const busyShare = this.busyMs / (now - this.windowBegan);
    const busyAnswering = busyShare * (1 + (ANSWER_OVER_REFUSAL - 1) * refusedShare);
    if (refusedShare < RECOVERED_SHARE || busyAnswering < RECOVERED_BUSY) this.change(false, now);
    else this.openWindow(now);
  }

  private change(refusing: boolean, now: number): void {
    this.refusing = refusing;
    this.lateSince = undefined;
    this.stuck = 0;
    this.budget = LEAST_BUDGET_MS;
    this.adjusted = now;
    this.sum = 0;
    this.sumOfSquares = 0;
    this.openWindow(now);
    this.options.onChange?.(refusing);
  }

  private openWindow(now: number): void {
    this.windowBegan = now;
    this.asked = 0;
    this.refused = 0;
    this.busyMs = 0;
  }
}
