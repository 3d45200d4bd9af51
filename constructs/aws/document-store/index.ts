export { DocumentStore, type DocumentStoreProps } from './document-store';
export { DocumentStoreEndpoint } from './document-store-endpoint';
export { DocumentStoreKey } from './document-store-key';
export { DOCUMENT_STORE_SIZES, type DocumentStoreSize } from './document-store-size';
