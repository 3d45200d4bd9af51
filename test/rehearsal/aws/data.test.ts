import { rehearsedArea } from './rehearsed-area';

describe('databases and caches with every option on', () => {
  // Of each change of an instance the provider waits for more than a minute, whoever answers.
  const { real } = rehearsedArea('data', { minutes: 15 });

  it('has a database, a cache in cluster mode, and one with a replica', () => {
    expect(real().created).toMatchObject({
      aws_db_instance: 1,
      aws_elasticache_replication_group: 2,
      aws_elasticache_user: 2,
    });
  });
});
