export { RehearsalError } from './errors';
export type { CloudResource, Inventory, Moto, ShimmedAction, StartMotoOptions } from './moto/server';
export { startMoto } from './moto/server';
