import { ServerInterceptingCall, type ServerInterceptor, ServerListenerBuilder } from '@grpc/grpc-js';
import { OVERLOADED } from '../http-server';
import { isAskedByMachines } from './observe';
import { statusOf } from './status';

/** Refuses calls when there is too much to do, as HTTP's requests are; health and reflection are always answered. */
export function overloadGuard(admits: () => boolean): ServerInterceptor {
  return ({ path }, call) => {
    if (isAskedByMachines(path) || admits()) return new ServerInterceptingCall(call);
    const refusing = new ServerListenerBuilder().withOnReceiveMetadata(() => call.sendStatus(statusOf(OVERLOADED)));
    return new ServerInterceptingCall(call, { start: (next) => next(refusing.build()) });
  };
}
