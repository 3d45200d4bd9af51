/**
 * Dedicated sizes of Atlas on AWS, by the memory and disk that each of three nodes has. Smaller ones have no private
 * endpoint.
 */
export const DOCUMENT_STORE_SIZES = {
  M10: { memoryGib: 2, diskGib: 10 },
  M20: { memoryGib: 4, diskGib: 20 },
  M30: { memoryGib: 8, diskGib: 40 },
} as const;

export type DocumentStoreSize = keyof typeof DOCUMENT_STORE_SIZES;
