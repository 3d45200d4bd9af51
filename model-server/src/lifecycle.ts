/** Where the server is between start and end. */
export class Lifecycle {
  /** A model has answered once: the start is over, whatever comes later. */
  hasServed = false;
  /** The server is shutting down: it answers what still comes, and asks for no more. */
  draining = false;
}
