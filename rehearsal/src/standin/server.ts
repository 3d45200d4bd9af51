import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { PACKAGE_ROOT } from '../process/compiled';
import type { Request, StandIn } from './provider';
import { error } from './validate';

export function loadProto(file: string): grpc.GrpcObject {
  const options = { keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true };
  return grpc.loadPackageDefinition(loadSync(join(PACKAGE_ROOT, 'proto', file), options));
}

function service(file: string, ...path: string[]): grpc.ServiceDefinition {
  const found = path.reduce<unknown>((level, name) => (level as grpc.GrpcObject)[name], loadProto(file));
  return (found as grpc.ServiceClientConstructor).service;
}

/** Plans and schemas are larger than gRPC's default of 4 MB. */
export const UNLIMITED = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };

/** A gRPC server, not yet listening, that Terraform takes for the provider. */
export function standInServer(standIn: StandIn, onShutdown: () => void = () => undefined): grpc.Server {
  const server = new grpc.Server(UNLIMITED);
  const provider = service('tfplugin6.proto', 'tfplugin6', 'Provider');
  const answer =
    (method: string): grpc.handleUnaryCall<Request, object> =>
    (call, callback) => {
      try {
        const handler = standIn.handlers[method];
        if (!handler) return callback({ code: grpc.status.UNIMPLEMENTED, details: method });
        callback(null, handler(call.request));
      } catch (failure) {
        const detail = failure instanceof Error ? failure.message : String(failure);
        callback(null, {
          diagnostics: [error(`Stand-in provider ${standIn.provider.source}: ${method} failed`, detail)],
        });
      }
    };
  server.addService(provider, Object.fromEntries(Object.keys(provider).map((method) => [method, answer(method)])));
  server.addService(service('health.proto', 'grpc', 'health', 'v1', 'Health'), {
    Check: (_: unknown, callback: grpc.sendUnaryData<object>) => callback(null, { status: 'SERVING' }),
    Watch: (call: grpc.ServerWritableStream<object, object>) => call.write({ status: 'SERVING' }),
  });
  server.addService(service('go_plugin.proto', 'plugin', 'GRPCController'), {
    Shutdown: (_: unknown, callback: grpc.sendUnaryData<object>) => {
      callback(null, {});
      onShutdown();
    },
  });
  server.addService(service('go_plugin.proto', 'plugin', 'GRPCBroker'), {
    StartStream: (call: grpc.ServerDuplexStream<object, object>) => {
      call.on('data', () => undefined);
      call.on('end', () => call.end());
      call.on('error', () => undefined);
    },
  });
  server.addService(service('go_plugin.proto', 'plugin', 'GRPCStdio'), {
    StreamStdio: (call: grpc.ServerWritableStream<object, object>) => void call.on('cancelled', () => call.end()),
  });
  return server;
}

/** Listens on a free port of 127.0.0.1 and answers the port. */
export function listen(server: grpc.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (failure, port) =>
      failure ? reject(failure) : resolve(port),
    );
  });
}
