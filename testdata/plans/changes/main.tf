terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

# Each project goes through one kind of change; its name says which.

resource "openai_project" "created" {
  name      = "created"
  geography = "EU"
}

resource "openai_project_data_retention" "created" {
  project_id = openai_project.created.id
  type       = "zero_data_retention"
}

resource "openai_project" "updated" {
  name      = "updated"
  geography = "EU"
}

resource "openai_project_data_retention" "updated" {
  project_id = openai_project.updated.id
  type       = "modified_abuse_monitoring"
}

resource "openai_project" "renamed" {
  name      = "renamed"
  geography = "JP"
}

resource "openai_project_data_retention" "strengthened" {
  project_id = openai_project.renamed.id
  type       = "zero_data_retention"
}

resource "openai_project" "kept" {
  name      = "kept"
  geography = "EU"
}

resource "openai_project_data_retention" "kept" {
  project_id = openai_project.kept.id
  type       = "zero_data_retention"
}

import {
  to = openai_project.imported
  id = "proj_example_imported"
}

resource "openai_project" "imported" {
  name      = "imported"
  geography = "EU"
}

resource "openai_project_data_retention" "imported" {
  project_id = openai_project.imported.id
  type       = "zero_data_retention"
}

import {
  to = openai_project.imported_bare
  id = "proj_example_imported_bare"
}

resource "openai_project" "imported_bare" {
  name = "imported-bare"
}

moved {
  from = openai_project.known_before_as
  to   = openai_project.moved
}

resource "openai_project" "moved" {
  name      = "moved"
  geography = "EU"
}

resource "openai_project" "left" {
  name      = "left"
  geography = "EU"
}

resource "openai_project" "taken_up" {
  name      = "taken-up"
  geography = "EU"
}

# It belonged to the project left.

resource "openai_project_data_retention" "handed_over" {
  project_id = openai_project.taken_up.id
  type       = "zero_data_retention"
}

removed {
  from = openai_project.forgotten
  lifecycle {
    destroy = false
  }
}
