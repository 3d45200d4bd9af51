/** A turn of the event loop in which requests waited this long is late, milliseconds. */
const LATE_MS = 40;
/** How long turns must be late without a break before requests are refused: a pause for garbage is no overload. */
const SUSTAINED_MS = 80;
/** While it refuses, the part of a turn in which it still admits, milliseconds: refusals must come fast. */
const BUDGET_MS = 6;
/** It admits all again when less than one in a hundred was refused for this long. */
const RECOVERY_MS = 500;
const RECOVERED_SHARE = 0.01;

export interface AdmissionEvents {
  /** Called when it begins or ends to refuse. */
  onChange?(overloaded: boolean): void;
}

/**
 * Decides which requests a server takes on. What a server can't answer in time it should refuse at once, because the
 * time it would spend is taken from those it could answer. The sign of overload is the length of the event loop's
 * turns: whoever is read in a turn has waited for the turn before.
 */
export class Admission {
  private turnBegan: number | undefined;
  private lateSince: number | undefined;
  private refusing = false;
  private windowBegan = 0;
  private asked = 0;
  private refused = 0;

  constructor(
    private readonly events: AdmissionEvents = {},
    private readonly now: () => number = () => performance.now(),
  ) {}

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
    if (!this.refusing) return true;
    this.asked++;
    if (now - this.turnBegan < BUDGET_MS) return true;
    this.refused++;
    return false;
  }

  private endTurn(): void {
    const now = this.now();
    const began = this.turnBegan as number;
    this.turnBegan = undefined;
    if (this.refusing) {
      this.recover(now);
      return;
    }
    if (now - began < LATE_MS) {
      this.lateSince = undefined;
      return;
    }
    this.lateSince ??= began;
    if (now - this.lateSince >= SUSTAINED_MS) this.change(true, now);
  }

  private recover(now: number): void {
    if (now - this.windowBegan < RECOVERY_MS) return;
    if (this.refused < this.asked * RECOVERED_SHARE) this.change(false, now);
    this.openWindow(now);
  }

  private change(refusing: boolean, now: number): void {
    this.refusing = refusing;
    this.lateSince = undefined;
    this.openWindow(now);
    this.events.onChange?.(refusing);
  }

  private openWindow(now: number): void {
    this.windowBegan = now;
    this.asked = 0;
    this.refused = 0;
  }
}
