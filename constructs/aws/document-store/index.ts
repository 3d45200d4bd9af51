export { DocumentStore, type DocumentStoreProps } from './document-store';
export type { DocumentStoreEndpoint } from './document-store-endpoint';
export type { DocumentStoreKey } from './document-store-key';
export { DOCUMENT_STORE_SIZES, type DocumentStoreSize } from './document-store-size';
