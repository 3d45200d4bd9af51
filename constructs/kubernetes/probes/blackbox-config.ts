const TIMEOUT = '5s';

/** Ways to ask, as the exporter names them. */
export const PROBE_MODULES = { ready: 'ready', gateway: 'gateway' } as const;

/**
 * The blackbox exporter's configuration. `ready` wants a 200; `gateway` wants TLS with a certificate that is trusted,
 * and an answer of the API to somebody without a key.
 */
export const BLACKBOX_CONFIG = {
  modules: {
    [PROBE_MODULES.ready]: {
      prober: 'http',
      timeout: TIMEOUT,
      http: { valid_status_codes: [200], follow_redirects: false, preferred_ip_protocol: 'ip4' },
    },
    [PROBE_MODULES.gateway]: {
      prober: 'http',
      timeout: TIMEOUT,
      http: {
        // 401 and 403 are the gateway's or the server's own words; without either there is 502 or 503.
        valid_status_codes: [200, 401, 403],
        fail_if_not_ssl: true,
        follow_redirects: false,
        preferred_ip_protocol: 'ip4',
      },
    },
  },
};
