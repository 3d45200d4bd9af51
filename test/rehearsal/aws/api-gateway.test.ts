import { RECOMMENDER_ROUTES } from '../../../constructs/aws';
import { rehearsedArea } from './rehearsed-area';

describe('API Gateway in front of servers of a VPC with every option on', () => {
  const { real } = rehearsedArea('api-gateway', { minutes: 20 });

  it('has a route for each path, behind one authorizer and one VPC link, under a name of its own', () => {
    expect(real().created).toMatchObject({
      aws_apigatewayv2_route: RECOMMENDER_ROUTES.length,
      aws_apigatewayv2_authorizer: 1,
      aws_apigatewayv2_vpc_link: 1,
      aws_apigatewayv2_domain_name: 1,
      aws_apigatewayv2_api_mapping: 1,
    });
  });
});
