/** The resource group that a construct puts its resources in: an `azurerm_resource_group`, or its data source. */
export interface IResourceGroup {
  readonly id: string;
  readonly name: string;
  readonly location: string;
}
