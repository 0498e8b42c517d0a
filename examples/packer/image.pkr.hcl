# A machine image with one package at exactly one version. Nightshift says which, by the environment of the build that
# it starts; README.md lists the variables.

packer {
  required_version = ">= 1.9.0"
  required_plugins {
    # From 1.2.2 on, run_tags are on the image from the moment it is created.
    amazon = {
      source  = "github.com/hashicorp/amazon"
      version = ">= 1.2.2, < 2.0.0"
    }
    ansible = {
      source  = "github.com/hashicorp/ansible"
      version = ">= 1.1.0, < 2.0.0"
    }
  }
}

variable "key" {
  type        = string
  description = "Names the image among all that Nightshift builds."
  default     = env("NIGHTSHIFT_KEY")
  validation {
    condition     = length(var.key) > 0
    error_message = "NIGHTSHIFT_KEY is not set."
  }
}

variable "product" {
  type        = string
  description = "The package."
  default     = env("NIGHTSHIFT_PRODUCT")
  validation {
    condition     = length(var.product) > 0
    error_message = "NIGHTSHIFT_PRODUCT is not set."
  }
}

variable "version" {
  type        = string
  description = "[epoch:]version[-release], as the package manager knows it."
  default     = env("NIGHTSHIFT_VERSION")
  validation {
    condition     = length(var.version) > 0
    error_message = "NIGHTSHIFT_VERSION is not set."
  }
}

variable "arch" {
  type        = string
  description = "As the package's mirror calls it."
  default     = env("NIGHTSHIFT_ARCH")
  validation {
    condition     = contains(["x86_64", "amd64", "aarch64", "arm64"], var.arch)
    error_message = "NIGHTSHIFT_ARCH must be x86_64 (or amd64) or aarch64 (or arm64)."
  }
}

variable "base_os" {
  type        = string
  description = "What the base OS is called in nightshift.yaml."
  default     = env("NIGHTSHIFT_BASE_OS")
  validation {
    condition     = length(var.base_os) > 0
    error_message = "NIGHTSHIFT_BASE_OS is not set."
  }
}

variable "base_image" {
  type        = string
  description = "The image to build on."
  default     = env("NIGHTSHIFT_BASE_IMAGE")
  validation {
    condition     = can(regex("^ami-[0-9a-f]{8,17}$", var.base_image))
    error_message = "NIGHTSHIFT_BASE_IMAGE must be the id of an image."
  }
}

variable "region" {
  type    = string
  default = env("NIGHTSHIFT_REGION")
  validation {
    condition     = length(var.region) > 0
    error_message = "NIGHTSHIFT_REGION is not set."
  }
}

# What the rest of the environment may say.

variable "line" {
  type    = string
  default = env("NIGHTSHIFT_LINE")
}

variable "channel" {
  type    = string
  default = env("NIGHTSHIFT_CHANNEL")
}

variable "recipe" {
  type    = string
  default = env("NIGHTSHIFT_RECIPE")
}

variable "ssh_user" {
  type    = string
  default = env("NIGHTSHIFT_SSH_USER")
}

variable "instance_type" {
  type        = string
  description = "The role of project.yaml allows those of its InstanceTypes."
  default     = env("PACKER_INSTANCE_TYPE")
}

variable "subnet_id" {
  type        = string
  description = "One of the default VPC when it is empty. The build must reach the instance by its public address."
  default     = env("PACKER_SUBNET_ID")
}

variable "builder" {
  type        = string
  description = "The CodeBuild project: its role may touch only what carries this tag."
  default     = env("PACKER_BUILDER")
}

locals {
  ec2_arch      = contains(["aarch64", "arm64"], var.arch) ? "arm64" : "x86_64"
  small         = local.ec2_arch == "arm64" ? "t4g.small" : "t3.small"
  instance_type = var.instance_type == "" ? local.small : var.instance_type
  builder       = var.builder == "" ? "packer" : var.builder

  # A name may not hold all that a version may; it must be new each time, also when an image is built again.
  stamp = formatdate("YYYYMMDD-hhmmss", timestamp())
  name  = regex_replace("${var.product}-${var.version}-${var.base_os}-${local.ec2_arch}", "[^A-Za-z0-9()./'@_-]", "-")

  # Nightshift knows an image by these, above all by its key: so it finds one whose build it lost sight of.
  all_tags = {
    "Name"               = "${var.product} ${var.version} on ${var.base_os}"
    "nightshift:builder" = local.builder
    "nightshift:key"     = var.key
    "nightshift:line"    = var.line
    "nightshift:channel" = var.channel
    "nightshift:product" = var.product
    "nightshift:version" = var.version
    "nightshift:os"      = var.base_os
    "nightshift:arch"    = var.arch
    "nightshift:recipe"  = var.recipe
    "base-image"         = var.base_image
  }
  tags = { for name, value in local.all_tags : name => value if value != "" }
}

source "amazon-ebs" "image" {
  region        = var.region
  source_ami    = var.base_image
  instance_type = local.instance_type
  subnet_id     = var.subnet_id
  ami_name      = "${substr(local.name, 0, 100)}-${local.stamp}"

  ssh_username                              = var.ssh_user == "" ? "ec2-user" : var.ssh_user
  temporary_key_pair_type                   = "ed25519"
  associate_public_ip_address               = true
  temporary_security_group_source_public_ip = true

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }
  imds_support = "v2.0"

  # The image has its tags from its first moment by run_tags; `tags` and `snapshot_tags` set the same once it is there.
  run_tags        = local.tags
  run_volume_tags = local.tags
  tags            = local.tags
  snapshot_tags   = local.tags

  # Two hours: the default of half an hour is too short for large images.
  aws_polling {
    delay_seconds = 30
    max_attempts  = 240
  }
}

build {
  sources = ["source.amazon-ebs.image"]

  # The playbook reads the same environment.
  provisioner "ansible" {
    playbook_file = "${path.root}/playbook.yml"
    user          = var.ssh_user == "" ? "ec2-user" : var.ssh_user
    use_proxy     = false
    ansible_env_vars = [
      "ANSIBLE_HOST_KEY_CHECKING=False",
      "ANSIBLE_FORCE_COLOR=0",
      "ANSIBLE_NOCOLOR=1",
    ]
  }

  post-processor "manifest" {
    output     = "manifest.json"
    strip_path = true
    custom_data = {
      key     = var.key
      version = var.version
    }
  }
}
