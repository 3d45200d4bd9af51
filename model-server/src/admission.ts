/** Turns of the event loop, in which requests wait so long, are late; milliseconds. */
const LATE = { turnMs: 60, sustainedMs: 400 };
/**
 * Turns of so many requests are late sooner, and need be late for less long without a break before it is an overload: a
 * machine that others keep busy, or a pause for garbage, makes turns long with few.
 */
const CROWDED = { requests: 500, turnMs: 30, sustainedMs: 150 };
/** After a pause, crowded turns meet fewer requests one after the other: as long as they do, it is no overload. */
const SHRINKING = 0.95;
/**
 * A crowded turn is an overload's at once after so many turns in a row that each met so many times as many requests as
 * the one before: what came in a turn is answered in the next, so that turns grow when more comes than can be answered,
 * twofold at twice as much. After a pause there is one long turn, and shorter ones follow.
 */
const GROWTH = { factor: 1.4, turns: 3 };
/**
 * Turns that are late although the model is spared already. Popular items cost a third of an answer by the model, so that
 * a server bears up to three times as much by them: turns stay long while those who waited at the beginning are
 * answered, and then each meets fewer requests than the one before. Requests are refused when so many turns in a row
 * don't, or parts of `endlessMs` of one that doesn't end, or when all are late for so long.
 */
const LATE_BY_POPULAR = { turnMs: 50, endlessMs: 100, shrinking: 0.9, turns: 6, sustainedMs: 600 };
/** Turns of an overload that leave time for runs of the model, milliseconds. */
const EASED_MS = 8;
/** How long turns should be while it refuses, milliseconds: nobody is refused sooner than the next one. */
const TURN_MS = 2;
/** A longer one counts as several, so that some are admitted in each. */
const LONGEST_TURN_MS = 20;
/**
 * The part of a turn in which it still admits, milliseconds: more, while that keeps turns short enough. It is set anew
 * every {@link ADJUST_MS}, in steps that halve or double it in a third of a second. Not less than this, because turns
 * may be long for reasons that refusing doesn't mend. Measured at two and three times what one core answers by the model,
 * over 2,000 connections: half of those refused hear it within 4 ms, and 99 % of a usual second's within 7 to 10; those
 * who met the beginning, some thousands, after 50 to 200.
 */
const LEAST_BUDGET_MS = 1;
/** More would not be used up by short turns, and take a second to take back when more requests come. */
const MOST_BUDGET_MS = 4;
const ADJUST_MS = 100;
const BUDGET_STEP = 1.25;
/**
 * How often it looks whether an overload is over: when less than one in a hundred was refused since, and fewer requests
 * come than when it began, ...
 */
const RECOVERY_MS = 500;
const RECOVERED_SHARE = 0.01;
const CALM_SHARE = 0.7;
/**
 * ... or when that few were refused for so long, milliseconds. Twice as long each time that the next one begins at once,
 * because each beginning makes some wait; what began by a mere pause costs 5 seconds.
 */
const CALM_MS = { shortest: 5000, longest: 60_000 };

/**
 * `none`: all is well. `eased`: overloaded, but turns are short, and there is time for some runs of the model. `severe`:
 * turns are long, or requests are refused.
 */
export type Overload = 'none' | 'eased' | 'severe';

export interface AdmissionOptions {
  /**
   * Open connections. Each asks for one thing at a time, so few of them can't overload a server for long, however soon
   * they ask again for what was refused.
   */
  connections(): number;
  /** Called when an overload begins or ends. */
  onChange?(overloaded: boolean): void;
  /** Milliseconds; for tests. */
  now?(): number;
}

/**
 * Decides which requests a server takes on. The sign of overload is the length of the event loop's turns: whoever is
 * read in a turn has waited for the turn before. At first all are taken on still, and the model is left out for most of
 * them, which is enough up to three times of what the model bears. When it is not, requests are refused: what a server
 * can't answer in time it should refuse at once, because the time it would spend is taken from those it could answer.
 *
 * Those who meet its beginning have waited long, so an overload doesn't end before fewer requests come.
 */
export class Admission {
  private turnBegan: number | undefined;
  /** Whether a part of the turn was judged already. */
  private inLongTurn = false;
  /** Of the turn, or the part of it that was not judged yet. */
  private requests = 0;
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
  /** Of the last turn, milliseconds. */
  private turnMs = 0;
  private inOverload = false;
  /** Late turns of an overload in a row that met nearly as many requests as the one before. */
  private stuck = 0;
  private refusing = false;
  private budget = LEAST_BUDGET_MS;
  private adjusted = 0;
  /** Of the turns since then. */
  private sum = 0;
  private sumOfSquares = 0;
  /** When more than some were refused, last. */
  private refusedAt = 0;
  /** How long it goes on while few are refused, milliseconds. */
  private calmMs = CALM_MS.shortest;
  /** Another one that begins before then begins at once. */
  private relapseUntil = Number.NEGATIVE_INFINITY;
  private windowBegan = 0;
  private asked = 0;
  private refused = 0;

  private readonly now: () => number;

  constructor(private readonly options: AdmissionOptions) {
    this.now = options.now ?? (() => performance.now());
  }

  get overload(): Overload {
    if (!this.inOverload) return 'none';
    return !this.refusing && this.turnMs < EASED_MS ? 'eased' : 'severe';
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
    this.requests++;
    this.requestsInTurn++;
    if (!this.inOverload) return true;
    this.asked++;
    if (!this.refusing) return true;
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
    if (this.inOverload) return ms >= LATE_BY_POPULAR.endlessMs;
    return ms >= LATE.turnMs;
  }

  private endTurn(): void {
    if (!this.inOverload) this.compare(this.requestsInTurn);
    this.judge(this.now());
    this.turnBegan = undefined;
    this.inLongTurn = false;
    this.requestsInTurn = 0;
  }

  private judge(now: number): void {
    const began = this.turnBegan as number;
    const { requests } = this;
    this.requests = 0;
    this.turnMs = now - began;
    if (this.inOverload) {
      if (this.refusing) this.adjust(now, this.turnMs);
      else this.escalate(now, requests);
      this.recover(now);
      return;
    }
    const late = lateness(requests);
    if (now - began < late.turnMs) {
      if (!this.inLongTurn) this.lateSince = undefined;
      return;
    }
    this.msPerRequest = (now - began) / requests;
    this.lateSince ??= began;
    const runsAway = late === CROWDED && (this.growths >= GROWTH.turns || now < this.relapseUntil);
    if (!runsAway && now - this.lateSince < late.sustainedMs) return;
    this.rateWhenLate = requests / (now - began);
    this.calmMs = now < this.relapseUntil ? Math.min(2 * this.calmMs, CALM_MS.longest) : CALM_MS.shortest;
    this.change(true, now);
  }

  /** Begins to refuse when answers without the model are too many as well. */
  private escalate(now: number, requests: number): void {
    const shrinks = requests < LATE_BY_POPULAR.shrinking * this.requestsBefore;
    this.requestsBefore = requests;
    if (this.turnMs < LATE_BY_POPULAR.turnMs) {
      this.lateSince = undefined;
      this.stuck = 0;
      return;
    }
    this.lateSince ??= now - this.turnMs;
    this.stuck = shrinks ? 0 : this.stuck + 1;
    if (this.stuck < LATE_BY_POPULAR.turns && now - this.lateSince < LATE_BY_POPULAR.sustainedMs) return;
    this.refusing = true;
    this.refusedAt = now;
    this.startBudget(now);
  }

  private compare(requests: number): void {
    this.growths = requests >= GROWTH.factor * this.requestsBefore ? this.growths + 1 : 0;
    if (requests >= CROWDED.requests && requests < SHRINKING * this.requestsBefore) this.lateSince = undefined;
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
    if (this.refusing && this.refused >= this.asked * RECOVERED_SHARE) this.refusedAt = now;
    const calm = this.asked / (now - this.windowBegan) < CALM_SHARE * this.rateWhenLate;
    const spared = now - this.refusedAt > this.calmMs;
    if (few || (this.refusedAt < now && (calm || spared))) {
      if (!few && !calm) this.relapseUntil = now + this.calmMs;
      this.change(false, now);
    } else this.openWindow(now);
  }

  private change(inOverload: boolean, now: number): void {
    this.inOverload = inOverload;
    this.refusing = false;
    this.lateSince = undefined;
    this.growths = 0;
    this.stuck = 0;
    this.requestsBefore = Number.POSITIVE_INFINITY;
    this.refusedAt = now;
    this.openWindow(now);
    this.options.onChange?.(inOverload);
  }

  private startBudget(now: number): void {
    this.budget = LEAST_BUDGET_MS;
    this.adjusted = now;
    this.sum = 0;
    this.sumOfSquares = 0;
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
