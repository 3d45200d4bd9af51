/**
 * What the model server is from outside, wherever it runs: a pod, a container of a service, a program on a machine. The
 * server has its own list, because it imports nothing of Terraform's side.
 */
export const HTTP_PORT = 8080;
/** Where metrics are when callers have to say who they are: Prometheus can't. It is what exporters take by default. */
export const METRICS_PORT = 9464;

export const HEALTH_PATHS = {
  /** 200 once a model is loaded and checked. */
  startup: '/startupz',
  /** 200 while it takes requests: not before it has a model, nor after SIGTERM. */
  ready: '/readyz',
  /** 200 while it answers at all. */
  live: '/livez',
} as const;

/** Seconds that it keeps an idle connection open; what is in front of it has to let go before. */
export const KEEP_ALIVE_SECONDS = 65;

/** Seconds that the server still takes requests after SIGTERM, in which load balancers forget it. */
export const DRAIN_SECONDS = 5;
/** Seconds after which it cuts off requests that are still being answered. */
export const SHUTDOWN_SECONDS = 25;
/** Seconds after which it may be killed: it drains and shuts down by itself on SIGTERM. */
export const TERMINATION_GRACE_SECONDS = DRAIN_SECONDS + SHUTDOWN_SECONDS + 10;

/** User and group of the image. */
export const SERVER_USER = 10001;

/** The only place it writes to, `/tmp` apart; the image owns it to its user. */
export const DATA_DIRECTORY = '/var/lib/recommender';
/** Customers' histories, gone with the replica. */
export const USERS_DIRECTORY = `${DATA_DIRECTORY}/users`;
/** A model store of the replica's own, where it has no other: empty, so that the image's model is served. */
export const STORE_DIRECTORY = `${DATA_DIRECTORY}/store`;
