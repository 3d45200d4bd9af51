import { BlobServiceClient } from '@azure/storage-blob';
import { openObjectStore } from '@cdktf-recommender/model-registry';
import { startAzurite } from '@cdktf-recommender/rehearsal';

/** An emulated Blob storage account that `az://` URLs of this process, and of those it starts, lead to. */
export async function emulatedBlobStorage() {
  const azurite = await startAzurite({ onProgress: console.log });
  // What a user sets.
  process.env.AZURE_STORAGE_CONNECTION_STRING = azurite.connectionString;
  const service = BlobServiceClient.fromConnectionString(azurite.connectionString);
  let url = '';
  let stores = 0;
  const fresh = async () => {
    const container = `models-${++stores}`;
    await service.createContainer(container);
    url = `az://${azurite.account}/${container}/team/models`;
  };
  const open = () => openObjectStore(url);
  return {
    azurite,
    fresh,
    open,
    openFresh: async () => {
      await fresh();
      return open();
    },
    url: () => url,
  };
}

export type EmulatedBlobStorage = Awaited<ReturnType<typeof emulatedBlobStorage>>;
