import { HttpServer } from '../http-server';
import { type AdminAppOptions, createAdminApp } from './admin-app';
import { ProcessSummary } from './process-summary';

/** Answers under way get so long to end at a shutdown. */
const CLOSE_MS = 1000;

export interface AdminServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Listens at `adminHost` and `adminPort`.
 *
 * @throws Error with `code` EADDRINUSE or EACCES when the port can't be had
 */
export async function startAdminServer(options: Omit<AdminAppOptions, 'summary'>, port: number): Promise<AdminServer> {
  const summary = new ProcessSummary();
  // It refuses nothing: above all when the server is overloaded is it asked why.
  const server = new HttpServer(createAdminApp({ ...options, summary }));
  try {
    return {
      port: await server.listen(options.config.adminHost, port),
      close: async () => {
        summary.close();
        await server.close(CLOSE_MS);
      },
    };
  } catch (error) {
    summary.close();
    throw error;
  }
}
