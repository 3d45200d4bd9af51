import { type ResultKey, SerializedAnswer } from '../../../model-server/src/result-cache/result-cache';

export const VERSION = 'c0ffee';
export const keyOf = (text: string, user?: string): ResultKey => ({ user, modelVersion: VERSION, text });
export const answerOf = (json: string): SerializedAnswer =>
  new SerializedAnswer(VERSION, 'personal', null, Buffer.from(json));
