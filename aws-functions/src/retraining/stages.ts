import type { Stage } from './stage';

/** The stages of a retraining by the names of their functions, each loaded when it is asked for. */
export const STAGES = {
  begin: () => (require('./begin') as typeof import('./begin')).begin,
  prepare: () => (require('./prepare') as typeof import('./prepare')).prepare,
  train: () => (require('./train') as typeof import('./train')).train,
  choose: () => (require('./choose') as typeof import('./choose')).choose,
  compare: () => (require('./compare') as typeof import('./compare')).compare,
  measure: () => (require('./measure') as typeof import('./measure')).measure,
  register: () => (require('./register') as typeof import('./register')).register,
  promote: () => (require('./promote') as typeof import('./promote')).promote,
  finish: () => (require('./finish') as typeof import('./finish')).finish,
} satisfies Record<string, () => Stage>;
export type StageName = keyof typeof STAGES;
