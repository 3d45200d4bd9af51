import { topK } from '../../trainer/src/top-k';

it('ranks by score, ties by index, and leaves out what is excluded', () => {
  expect([...topK([1, 3, 2, 3, 0], 3)]).toEqual([1, 3, 2]);
  expect([...topK([1, 3, 2, 3, 0], 3, [1, 2])]).toEqual([3, 0, 4]);
  expect([...topK([1, 3], 3, [0])]).toEqual([1]);
});
