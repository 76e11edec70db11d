variable "project_id" {
  type = string
}

variable "retention" {
  type = string
}

module "inner" {
  source     = "./inner"
  project_id = var.project_id
  retention  = var.retention
}
