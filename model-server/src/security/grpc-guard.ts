import { type Metadata, ServerInterceptingCall, type ServerInterceptor, ServerListenerBuilder } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import { errorStatus, statusOf } from '../grpc/status';
import { Problem } from '../problem';
import type { AccessControl } from './access-control';
import { addressGroup, type ClientAddress, type Origin } from './client-address';
import { scopeOfCall } from './scopes';

/** Checks each gRPC call as the routes of HTTP are: address, caller, how often, scope. Health is open. */
export function grpcGuard(access: AccessControl, addressOf: ClientAddress, logger: Logger): ServerInterceptor {
  return ({ path }, call) => {
    const scope = scopeOfCall(path);
    if (scope === 'open') return new ServerInterceptingCall(call);
    const refuse = (problem: Problem) => call.sendStatus(statusOf(problem));
    const listener = new ServerListenerBuilder().withOnReceiveMetadata((metadata, next) => {
      access
        .admit(
          { headers: credentialHeaders(metadata), scope },
          addressGroup(addressOf(origin(call.getPeer(), metadata))),
        )
        .then((admitted) => {
          if (admitted instanceof Problem) refuse(admitted);
          // Which customer a message names is seen too late here.
          else if (admitted?.user !== undefined) refuse(boundToHttp());
          else next(metadata);
        })
        .catch((error) => call.sendStatus(errorStatus(error, logger)));
    });
    return new ServerInterceptingCall(call, { start: (next) => next(listener.build()) });
  };
}

function boundToHttp(): Problem {
  return new Problem('forbidden', 'credentials for one customer are for the HTTP API only');
}

/** One value as HTTP has it; more than one is more than one credential. */
function credentialHeaders(metadata: Metadata): { authorization?: string; 'x-api-key'?: string } {
  return { authorization: joined(metadata, 'authorization'), 'x-api-key': joined(metadata, 'x-api-key') };
}

function joined(metadata: Metadata, name: string): string | undefined {
  const values = metadata.get(name);
  return values.length === 0 ? undefined : values.join(', ');
}

/** What `proxy-addr` reads of a request, from `1.2.3.4:5` or `[::1]:5` and the metadata. */
function origin(address: string, metadata: Metadata): Origin {
  const remoteAddress = address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  const headers = { 'x-forwarded-for': joined(metadata, 'x-forwarded-for') };
  return { headers, socket: { remoteAddress } };
}
